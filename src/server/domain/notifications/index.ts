export type * from './types.ts'
export { tell, tellMany } from './tell.ts'
export { notificationGroups } from './groups.ts'
export { dismissAll, markRead, unreadCount } from './read.ts'
