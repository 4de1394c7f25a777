// What forms, refusals and other members’ pages say: fetched when it is needed.
import acts from './acts.json' with { type: 'json' }
import auth from './auth.json' with { type: 'json' }
import compose from './compose.json' with { type: 'json' }
import errors from './errors.json' with { type: 'json' }
import notifications from './notifications.json' with { type: 'json' }
import report from './report.json' with { type: 'json' }
import trust from './trust.json' with { type: 'json' }

export default { ...acts, ...auth, ...compose, ...errors, ...notifications, ...report, ...trust }
