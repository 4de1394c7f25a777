import type { Route } from '../route.ts'
import { absentRoutes } from './absent.ts'
import { accountRoutes } from './accounts.ts'
import { discoveryRoutes } from './discovery.ts'
import { instanceRoutes } from './instance.ts'
import { mediaRoutes } from './media.ts'
import { notificationRoutes } from './notifications.ts'
import { pushRoutes } from './push.ts'
import { relationshipRoutes } from './relationships.ts'
import { requestRoutes } from './requests.ts'
import { statusRoutes } from './statuses.ts'
import { streamingRoutes } from './streaming.ts'
import { tagRoutes } from './tags.ts'
import { timelineRoutes } from './timelines.ts'

/** Every operation of the API, a group a file. */
export const routes: Route[] = [...instanceRoutes, ...accountRoutes, ...relationshipRoutes, ...statusRoutes, ...timelineRoutes, ...mediaRoutes, ...tagRoutes, ...discoveryRoutes, ...requestRoutes, ...notificationRoutes, ...pushRoutes, ...streamingRoutes, ...absentRoutes]
