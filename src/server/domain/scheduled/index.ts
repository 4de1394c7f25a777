export type * from './types.ts'
export { cancelScheduled, forgetScheduled, reschedulePost, scheduledOf, schedulePost, seeScheduled } from './plan.ts'
export { publishScheduled } from './publish.ts'
