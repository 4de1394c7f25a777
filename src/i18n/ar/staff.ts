// Pages that few people open: settings, the owner's and moderators' pages, set-up.
import admin from './admin.json' with { type: 'json' }
import apps from './apps.json' with { type: 'json' }
import deskActs from './desk-acts.json' with { type: 'json' }
import hashes from './hashes.json' with { type: 'json' }
import health from './health.json' with { type: 'json' }
import moderation from './moderation.json' with { type: 'json' }
import orders from './orders.json' with { type: 'json' }
import record from './record.json' with { type: 'json' }
import screening from './screening.json' with { type: 'json' }
import settings from './settings.json' with { type: 'json' }
import setup from './setup.json' with { type: 'json' }
import raid from './raid.json' with { type: 'json' }
import vault from './vault.json' with { type: 'json' }
import transparency from './transparency.json' with { type: 'json' }
import imports from './imports.json' with { type: 'json' }

export default { ...settings, ...admin, ...deskActs, ...moderation, ...apps, ...setup, ...hashes, ...health, ...screening, ...record, ...raid, ...orders, ...vault, ...transparency, ...imports }
