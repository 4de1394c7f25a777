import { auditHead, verifyAudit } from '#server/domain/instance/index.ts'
import { UsageError, text } from './command.ts'
import type { Command } from './command.ts'

const why = { changed: 'was changed after it was written', gap: 'does not follow the row before it: one is missing, or was put between', head: 'was the end of the record once and is not in it any more: rows were cut off, or written anew' }

/** hearth audit verify: reads the whole record and follows its chain; exit code 1 and the first wrong row where it is broken. */
export const verifyAuditCommand: Command = async (app, values, _words, out) => {
  const head = text(values, 'head')
  if (head !== undefined && !/^[0-9a-f]{64}$/i.test(head)) throw new UsageError('A head is 64 hexadecimal digits, as the log and each backup have it.')
  const check = await verifyAudit(app, { head, onProgress: (done, all) => out.progress('following the chain', done, all) })
  out.settle()
  out.line(check.why ? `✗ ${check.brokenAt === 'head' ? 'This head' : `Row ${check.brokenAt}`} ${why[check.why]}. ${check.rows} rows are whole up to there.` : `✓ The record is whole: ${check.rows} rows. Its head is ${check.head}`)
  out.json({ ok: check.why === null, ...check })
  return check.why ? 1 : 0
}

/** hearth audit head: where the record ends now, to be kept elsewhere. */
export const auditHeadCommand: Command = async (app, _values, _words, out) => {
  const head = await auditHead(app)
  out.line(head ? `${head.hash}  row ${head.id}, ${head.rows} rows` : 'Nothing was written down yet.')
  out.json(head)
  return 0
}
