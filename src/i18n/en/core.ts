// What the first screen may need; one chunk in the browser.
import acts from './acts.json' with { type: 'json' }
import arrange from './arrange.json' with { type: 'json' }
import auth from './auth.json' with { type: 'json' }
import common from './common.json' with { type: 'json' }
import compose from './compose.json' with { type: 'json' }
import discover from './discover.json' with { type: 'json' }
import errors from './errors.json' with { type: 'json' }
import feed from './feed.json' with { type: 'json' }
import locked from './locked.json' with { type: 'json' }
import media from './media.json' with { type: 'json' }
import notifications from './notifications.json' with { type: 'json' }
import post from './post.json' with { type: 'json' }
import profile from './profile.json' with { type: 'json' }
import replies from './replies.json' with { type: 'json' }
import report from './report.json' with { type: 'json' }
import trust from './trust.json' with { type: 'json' }

export default { ...common, ...acts, ...arrange, ...auth, ...feed, ...post, ...compose, ...profile, ...media, ...notifications, ...discover, ...errors, ...locked, ...report, ...replies, ...trust }
