export type * from './types.ts'
export { changeList, createList, forgetLists, listsOf, listsWith, removeList, seeList } from './lists.ts'
export { addToList, listMembers, removeFromList } from './members.ts'
