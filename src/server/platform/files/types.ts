import type { Readable } from 'node:stream'

/** Inclusive at both ends, as in HTTP. */
export type Range = { start: number; end: number }
/** What is to be stored: a stream, bytes, or a file on this machine (which may be linked rather than copied, and must not change afterwards). */
export type Content = Readable | Buffer | { path: string }
export const isPath = (content: Content): content is { path: string } => 'path' in content && typeof content.path === 'string' && Object.keys(content).length === 1
export type StoredFile = { name: string; bytes: number; modified: Date }

/** Where media lives. Names are relative paths the program made ('by-hash/ab/abcd…'), never a member's. */
export type Files = {
  /** Stores the whole content or nothing. */
  put(name: string, content: Content): Promise<{ bytes: number }>
  /** Undefined when there is no such file. The stream breaks off with an error when the storage does. */
  read(name: string, range?: Range): Promise<Readable | undefined>
  stat(name: string): Promise<{ bytes: number; modified: Date } | undefined>
  /** Removes a file, or a folder with all in it. Missing is fine. */
  remove(name: string): Promise<void>
  /** A local path for programs that need one. From storage elsewhere the file is copied into `folder`, which the caller takes away; local storage gives its own file, not to be written to. */
  localPath(name: string, folder: string): Promise<string>
  /** Every file's name, for `verify` and sweeps; `below` a folder, or everywhere (then a file that has copies in two places may be told twice). */
  list(below?: string): AsyncIterable<string>
  /** The same with sizes and times. */
  entries(below?: string): AsyncIterable<StoredFile>
  /** Takes away what broken-off writes left before this moment. */
  tidy(before: Date): Promise<void>
}
