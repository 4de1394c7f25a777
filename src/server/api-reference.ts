// For the reference page, which doesn't know the API's door.
export { openApi, operations } from './doors/api/openapi.ts'
export type { Operation } from './doors/api/openapi.ts'
