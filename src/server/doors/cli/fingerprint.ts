import { fingerprintStored } from '#server/domain/media/index.ts'
import type { Command } from './command.ts'

/** hearth media fingerprint: what was stored before fingerprints were kept gets its own; exit code 1 where some could not be read. */
export const fingerprintCommand: Command = async (app, _values, _words, out) => {
  const { done, failed } = await fingerprintStored(app, (at, all) => out.progress('looking at pictures', at, all))
  out.settle()
  out.line(done + failed === 0 ? 'Every picture has its fingerprint.' : `${done} looked at${failed ? `, ${failed} could not be read` : ''}.`)
  out.json({ done, failed })
  return failed ? 1 : 0
}
