import { z } from 'zod'

const Part = z.object({ file: z.string(), bytes: z.number(), sha256: z.string() })

/** What a backup holds; written last, so that one without it was never finished. Hashes are of the bytes as they lie there. */
export const Manifest = z.object({
  format: z.literal(1),
  id: z.string().regex(/^\d{8}T\d{6}Z$/),
  createdAt: z.iso.datetime(),
  encrypted: z.boolean(),
  migrations: z.array(z.string()),
  tables: z.array(Part.extend({ table: z.string(), columns: z.array(z.string()), rows: z.number() })),
  sequences: z.array(z.object({ name: z.string(), value: z.string(), called: z.boolean() })),
  media: Part.extend({ files: z.number(), allBytes: z.number() }),
  /** secrets that lie beside the database; only where the backup is encrypted */
  keys: z.array(Part.extend({ name: z.string() })),
  /** what whoever made it wanted written down beside it */
  notes: z.record(z.string(), z.string()).optional(),
})
export type Manifest = z.infer<typeof Manifest>

/** One file of media: `bytes` and `sha256` of what it is, `stored` of what lies in the backup. */
export const MediaLine = z.object({ name: z.string(), bytes: z.number(), sha256: z.string(), stored: z.number() })
export type MediaLine = z.infer<typeof MediaLine>

export const manifestName = (id: string) => `backups/${id}/manifest.json`
export const mediaName = (name: string, encrypted: boolean) => `media/${name}${encrypted ? '.age' : ''}`
/** '20261124T021500Z' */
export const idOf = (at: Date) => `${at.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
