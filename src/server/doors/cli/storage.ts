import { sizeIn } from '#i18n/size.ts'
import { audit } from '#server/domain/instance/index.ts'
import { moveMedia, replaceMediaKeys } from '#server/domain/media/index.ts'
import { UsageError, text } from './command.ts'
import type { Command } from './command.ts'

/** hearth media move: all media to the bucket or back to the disk, beside a running server; exit code 1 where some files stay behind. */
export const moveCommand: Command = async (app, values, _words, out) => {
  const to = text(values, 'to')
  if (to !== 's3' && to !== 'disk') throw new UsageError("--to should be 's3' or 'disk'.")
  if (!app.places[to]) throw new Error('S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY say which bucket; set them for the server and for this command.')
  const moved = await moveMedia(app, to, { keep: values.keep === true, onProgress: (bytes, all) => out.progress(`moving to ${to === 's3' ? 'the bucket' : 'the disk'}`, bytes, all) })
  await app.database.inTransaction((tx) => audit(app, tx, 'command', 'media.move', { kind: 'media', id: to }, { files: moved.files, broken: moved.broken.length }))
  out.settle()
  out.line(`${moved.files} files (${sizeIn(moved.bytes, 'en')}) moved${moved.before ? `, ${moved.before} were there already` : ''}. New media goes to ${to === 's3' ? 'the bucket' : 'the disk'}.`)
  for (const { name, reason } of moved.broken) out.line(`✗ ${name}: ${reason}`)
  out.json(moved)
  return moved.broken.length ? 1 : 0
}

/** hearth media new-key: ends every signed address. */
export const newKeyCommand: Command = async (app, _values, _words, out) => {
  await replaceMediaKeys(app)
  await app.database.inTransaction((tx) => audit(app, tx, 'command', 'media.newKey', { kind: 'media', id: 'all' }))
  out.line('Addresses that were signed until now end within seconds; open pages have to be loaded again.')
  out.json({ ok: true })
  return 0
}
