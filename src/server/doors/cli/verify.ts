import { verifyCommunity } from '#server/verify/index.ts'
import type { Command } from './command.ts'

/** hearth verify: exit code 1 and a list where something disagrees. */
export const verifyCommand: Command = async (app, _values, _words, out) => {
  const result = await verifyCommunity(app, (done, total) => out.progress('comparing', done, total))
  out.settle()
  for (const one of result.differences) out.line(`✗ ${one.what.padEnd(28)} ${one.id}  expected ${one.expected}, found ${one.found}`)
  out.line(`${result.checked.length} checks, ${result.differences.length} differences`)
  out.json(result)
  return result.differences.length ? 1 : 0
}
