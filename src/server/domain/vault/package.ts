import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ReadableStream as NodeStream } from 'node:stream/web'
import { ZipWriter, configure } from '@zip.js/zip.js'
import type { App } from '#server/app.ts'
import { evidencePosts, selectCase } from '#server/domain/cases/index.ts'
import { blobName } from '#server/domain/media/index.ts'
import { selectAccountFacts, selectAccountFiles, selectAccountPosts, selectCaseActs, selectCaseFiles, selectSessionFacts } from './queries-evidence.ts'
import type { KeptFile } from './queries-evidence.ts'
import type { VaultRow } from './queries.ts'
import { summaryOf } from './summary.ts'
import type { Summary } from './summary.ts'
import type { VaultFacts } from './types.ts'

type Part = { path: string; content: Readable; sha256?: string; mime: string }

/** The evidence package as a ZIP, written as it is read: words of every audience with every version, files with their hashes, what was decided, and a manifest with the SHA-256 of each part. Who reported is not in it. */
export function packageOf(app: App, item: VaultRow): { stream: Readable; facts: VaultFacts } {
  // Threads of their own would outlive the job.
  configure({ useWebWorkers: false })
  const facts: VaultFacts = { posts: 0, files: 0, fileBytes: 0, edits: 0 }
  const pipe = new TransformStream<Uint8Array, Uint8Array>()
  const stream = Readable.fromWeb(pipe.readable as unknown as NodeStream)
  void write(app, item, pipe.writable, facts).catch((error: unknown) => stream.destroy(error instanceof Error ? error : new Error(String(error))))
  return { stream, facts }
}

async function write(app: App, item: VaultRow, to: WritableStream<Uint8Array>, facts: VaultFacts): Promise<void> {
  const zip = new ZipWriter(to, { keepOrder: true, extendedTimestamp: false })
  const parts: { path: string; mime: string; bytes: number; sha256: string }[] = []
  const missing: string[] = []
  const summary = summaryOf(app, item)
  for await (const part of partsOf(app, item, facts, missing, summary)) {
    const hash = createHash('sha256')
    let bytes = 0
    part.content.on('data', (chunk: Buffer) => { hash.update(chunk); bytes += chunk.length })
    part.content.pause()
    // What is compressed already isn't compressed again.
    await zip.add(part.path, Readable.toWeb(part.content) as unknown as ReadableStream<Uint8Array>, { level: part.path.startsWith('media/') ? 0 : 6 })
    const sha256 = hash.digest('hex')
    if (part.sha256 && part.sha256 !== sha256) throw new Error(`${part.path} is not what it was when it was kept`)
    parts.push({ path: part.path, mime: part.mime, bytes, sha256 })
  }
  const page = Buffer.from(summary.html({ facts, missing, parts: parts.map((part) => ({ ...part })) }))
  await zip.add('summary.html', new Blob([new Uint8Array(page)]).stream() as ReadableStream<Uint8Array>)
  parts.push({ path: 'summary.html', mime: 'text/html', bytes: page.length, sha256: createHash('sha256').update(page).digest('hex') })
  const manifest = { format: 'hearth-evidence/1', community: app.config.publicUrl, item: item.id, case: item.case_id, order: item.order_id, category: item.category, scope: item.scope, sealedAt: app.now().toISOString(), counts: facts, missing, parts }
  await zip.add('manifest.json', json(manifest))
  await zip.close()
}

const json = (value: unknown) => new Blob([`${JSON.stringify(value, null, 2)}\n`]).stream() as ReadableStream<Uint8Array>
const text = (value: unknown) => Readable.from([Buffer.from(`${JSON.stringify(value, null, 2)}\n`)])

async function* partsOf(app: App, item: VaultRow, facts: VaultFacts, missing: string[], summary: Summary): AsyncGenerator<Part> {
  const on = app.database.queries
  if (item.account_id) {
    const [account, sessions] = await Promise.all([selectAccountFacts(on, item.account_id), item.scope === 'account' ? selectSessionFacts(on, item.account_id) : []])
    summary.account(account ?? null)
    yield { path: 'account.json', content: text(account ?? null), mime: 'application/json' }
    if (item.scope === 'account') yield { path: 'sessions.json', content: text(sessions), mime: 'application/json' }
  }
  if (item.case_id) {
    const row = await selectCase(on, item.case_id)
    if (row?.evidence) {
      const posts = evidencePosts(row.evidence).map(({ post }) => post)
      facts.posts = posts.length
      facts.edits = posts.reduce((sum, post) => sum + post.edits.length, 0)
      for (const post of posts) summary.post({ id: post.id, audience: post.audience, text: post.text, warning: post.warning, created_at: post.createdAt, edits: post.edits, media: post.media })
      yield { path: 'evidence.json', content: text(row.evidence), mime: 'application/json' }
    }
    yield { path: 'case.json', content: text({ id: item.case_id, category: row?.category, openedAt: row?.created_at, summary: row?.summary, ...await selectCaseActs(on, item.case_id) }), mime: 'application/json' }
    yield* files(app, await selectCaseFiles(on, item.case_id), facts, missing)
  }
  if (item.scope === 'account' && item.account_id) {
    const id = item.account_id
    yield { path: 'posts.jsonl', content: Readable.from(lines(app, id, facts, summary), { objectMode: false }), mime: 'application/x-ndjson' }
    for (let after = { id: '0', name: '' }; ;) {
      const page = await selectAccountFiles(on, id, after, 500)
      yield* files(app, page, facts, missing)
      const last = page.at(-1)
      if (!last || page.length < 500) return
      after = { id: last.media_id, name: last.name }
    }
  }
}

async function* lines(app: App, accountId: string, facts: VaultFacts, summary: Summary): AsyncGenerator<Buffer> {
  for (let after = '0'; ;) {
    const page = await selectAccountPosts(app.database.queries, accountId, after, 500)
    facts.posts = (facts.posts ?? 0) + page.length
    facts.edits = (facts.edits ?? 0) + page.reduce((sum, post) => sum + post.edits.length, 0)
    for (const post of page) summary.post(post)
    if (page.length) yield Buffer.from(page.map((post) => `${JSON.stringify(post)}\n`).join(''))
    if (page.length < 500) return
    after = page.at(-1)!.id
  }
}

async function* files(app: App, kept: KeptFile[], facts: VaultFacts, missing: string[]): AsyncGenerator<Part> {
  for (const file of kept) {
    const content = await app.files.read(blobName(file.sha256))
    // What isn't there any more is named, not passed over.
    if (!content) { missing.push(`media/${file.media_id}/${file.name} ${file.sha256.toString('hex')}`); facts.missing = missing.length; continue }
    facts.files = (facts.files ?? 0) + 1
    facts.fileBytes = (facts.fileBytes ?? 0) + file.bytes
    yield { path: `media/${file.media_id}/${file.name}`, content, sha256: file.sha256.toString('hex'), mime: file.mime }
  }
}
