import arrange from './arrange.json' with { type: 'json' }
import common from './common.json' with { type: 'json' }
import discover from './discover.json' with { type: 'json' }
import feed from './feed.json' with { type: 'json' }
import locked from './locked.json' with { type: 'json' }
import media from './media.json' with { type: 'json' }
import post from './post.json' with { type: 'json' }
import profile from './profile.json' with { type: 'json' }
import replies from './replies.json' with { type: 'json' }

export default { ...arrange, ...common, ...discover, ...feed, ...locked, ...media, ...post, ...profile, ...replies }
