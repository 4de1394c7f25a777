export { demandStaff } from '#server/domain/cases/index.ts'
