export type * from './types.ts'
export { streamHub } from './hub.ts'
