export type { Invitation } from './invitations.ts'
export { createInvitation, findInvitation, invitationsOf, revokeInvitation, takeInvitation } from './invitations.ts'
export { followInviter } from './welcome.ts'
