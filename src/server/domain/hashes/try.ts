import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { App } from '#server/app.ts'
import { demandAdmin } from '#server/domain/instance/index.ts'
import { lookAtFile } from '#server/domain/media/index.ts'
import { qualityNeeded } from '#server/platform/fingerprint/index.ts'
import { findListed } from './find.ts'
import { ownList, rowOf } from './own.ts'
import { mergeStaged, stageRows } from './queries-entries.ts'
import { countEntries } from './queries-lists.ts'
import type { HashAction, ListCategory, SignalType, Source } from './types.ts'

type Actor = Parameters<typeof demandAdmin>[0]
export type TriedFile = { kind: string; /** 0 … 100; null where there are no pictures to compare */ quality: number | null; comparable: boolean; milliseconds: number; matches: { list: string; source: Source; category: ListCategory; signal: SignalType; distance: number | null; turn: string | null; action: HashAction }[] }

/** What a file on this machine would be known by. It is looked at in a process of its own; nothing of it is kept. For admins and the command line. */
export async function tryFile(app: App, actor: Actor, path: string): Promise<TriedFile> {
  demandAdmin(actor)
  const print = await lookAtFile(app, typeof actor === 'string' ? actor : actor.id, path)
  const began = performance.now()
  const [found] = await findListed(app, [print])
  const quality = print.frames.length ? Math.max(...print.frames.map((frame) => frame.quality)) : null
  return {
    kind: print.kind, quality, comparable: quality !== null && quality >= qualityNeeded, milliseconds: performance.now() - began,
    matches: found!.map(({ list, signal, distance, turn, action }) => ({ list: list.name, source: list.source, category: list.category, signal, distance, turn, action })),
  }
}

/** The same for bytes that were sent, by way of a file that is taken away at once. */
export async function tryBytes(app: App, actor: Actor, bytes: Buffer): Promise<TriedFile> {
  demandAdmin(actor)
  return inFolder(app, async (folder) => {
    const path = join(folder, 'tried')
    await writeFile(path, bytes, { mode: 0o600 })
    return tryFile(app, actor, path)
  })
}

export type SelfTest = { ok: boolean; steps: { what: 'same' | 'small' | 'pressed' | 'mirrored' | 'turned' | 'other'; ok: boolean; distance: number | null; signal: SignalType | null }[]; milliseconds: number }

/**
 * Proof that the filter works, with a harmless picture that the program draws: it is put on the list for tests, then shown to the
 * filter as it is, smaller, pressed hard, mirrored and turned, and a different one besides, which must not be found.
 */
export async function selfTest(app: App, actor: Actor): Promise<SelfTest> {
  demandAdmin(actor)
  const began = performance.now()
  const original = await testPicture()
  await listTestPicture(app, original)
  const pictures: [SelfTest['steps'][number]['what'], Buffer][] = [
    ['same', original],
    ['small', await sharp(original).resize(320).png().toBuffer()],
    ['pressed', await sharp(original).jpeg({ quality: 25 }).toBuffer()],
    ['mirrored', await sharp(original).flop().jpeg().toBuffer()],
    ['turned', await sharp(original).rotate(90).jpeg().toBuffer()],
    ['other', await drawn(2)],
  ]
  const steps: SelfTest['steps'] = []
  for (const [what, bytes] of pictures) {
    const { matches } = await tryBytes(app, actor, bytes)
    const hit = matches.filter((match) => match.source === 'test').sort((one, other) => (one.distance ?? -1) - (other.distance ?? -1))[0]
    steps.push({ what, ok: (hit !== undefined) === (what !== 'other'), distance: hit?.distance ?? null, signal: hit?.signal ?? null })
  }
  return { ok: steps.every((step) => step.ok), steps, milliseconds: performance.now() - began }
}

/** The harmless picture of the self-test, as PNG: whoever posts it sees what a match looks like. */
export const testPicture = (): Promise<Buffer> => drawn(1)

async function listTestPicture(app: App, bytes: Buffer): Promise<void> {
  const print = await inFolder(app, async (folder) => {
    const path = join(folder, 'drawn')
    await writeFile(path, bytes)
    return lookAtFile(app, 'program', path)
  })
  const values = [{ signal: 'sha256' as const, key: print.sha256! }, { signal: 'pdq' as const, key: print.frames[0]!.hashes[0]! }]
  await app.database.inTransaction(async (tx) => {
    const listId = await ownList(app, tx, 'test', 'test')
    const batchId = app.newId<'batch'>()
    await stageRows(tx, batchId, values.map((value, line) => rowOf({ ...value, body: null, frames: [], quality: null }, { line })))
    // Nothing that is stored is looked through for it: it isn't sought, it only shows that seeking works.
    await mergeStaged(tx, batchId, listId, batchId, false, app.now())
    await countEntries(tx, listId)
  })
}

/** Rings, bars and a gradient: nothing that anybody could mean. The same number draws the same picture. */
function drawn(seed: number): Promise<Buffer> {
  const at = (part: number, most: number) => (seed * 7919 + part * 104_729 + seed * part * 31) % most
  const shapes = Array.from({ length: 16 }, (_, part) => part % 2
    ? `<circle cx="${at(part, 800)}" cy="${at(part + 50, 600)}" r="${30 + at(part, 90)}" fill="none" stroke="hsl(${at(part, 360)} 60% 45%)" stroke-width="${8 + at(part, 26)}"/>`
    : `<rect x="${at(part, 700)}" y="${at(part + 90, 500)}" width="${60 + at(part, 160)}" height="${40 + at(part + 7, 140)}" fill="hsl(${at(part + 3, 360)} 55% ${30 + at(part, 45)}%)" transform="rotate(${at(part, 60)} 400 300)"/>`)
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#f4efe4"/><stop offset="1" stop-color="#5b7f95"/></linearGradient></defs><rect width="800" height="600" fill="url(#g)"/>${shapes.join('')}</svg>`)).png().toBuffer()
}

async function inFolder<Result>(app: App, work: (folder: string) => Promise<Result>): Promise<Result> {
  const workplace = join(app.config.dataFolder, 'work')
  await mkdir(workplace, { recursive: true })
  const folder = await mkdtemp(join(workplace, 'try-'))
  try { return await work(folder) } finally { await rm(folder, { recursive: true, force: true }) }
}
