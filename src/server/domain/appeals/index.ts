export type * from './types.ts'
export { appealDecision, appealNotice, appealReport } from './object.ts'
export { appealOnDesk, appealsTo, decideAppeal, sayOnDecision, tellOfAppeal, tellStaffOfCase } from './answer.ts'
export { ownWords } from './own-words.ts'
