import type { Id } from '#server/platform/ids/index.ts'

export type ImportId = Id<'import'>
export const importKinds = ['following', 'muted', 'blocked', 'lists', 'bookmarks', 'filters'] as const
export type ImportKind = (typeof importKinds)[number]

/** How an import stands. `missed`: the first lines that weren't done, with why. */
export type ImportView = { id: ImportId; kind: ImportKind; rows: number; done: number; found: number; createdAt: string; finishedAt: string | null; missed: { line: string; why: string }[]; missedCount: number }
