import { readFile } from 'node:fs/promises'

/** Bytes of memory of a process; what it shares with others is counted in parts. Linux only. */
export async function pssOf(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024
}
