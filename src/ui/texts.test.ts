import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import reading from '#i18n/en/reading.ts'
import rest from '#i18n/en/rest.ts'
import { saysLittle } from './reading.ts'

const source = join(import.meta.dirname, '..')
const pathOf = (from: string, name: string) => name.startsWith('#ui/') ? join(source, 'ui', name.slice(4)) : name.startsWith('.') ? join(dirname(from), name) : undefined

/** What these files are made of in the browser: they and all that they import at once. */
async function madeOf(files: string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const todo = [...files]
  for (let file = todo.pop(); file; file = todo.pop()) {
    if (found.has(file) || !existsSync(file)) continue
    const text = await readFile(file, 'utf8')
    found.set(file, text)
    for (const [, name] of text.matchAll(/^\s*import (?!type)[^;\n]*?from '([^']+)'/gm)) {
      const path = pathOf(file, name!)
      if (path) todo.push(path)
    }
  }
  return found
}

test('pages that are read say nothing, before anybody acts, that their small catalogue lacks', async () => {
  const pages: string[] = []
  for await (const page of glob('{+layout,+page,explore/+page,community/+page,tags/**/+page,@*/**/+page}.svelte', { cwd: join(source, 'routes') })) pages.push(page)
  expect(pages.length).toBeGreaterThan(6)
  const files = await madeOf(pages.map((page) => join(source, 'routes', page)))
  const missing: string[] = []
  for (const [file, text] of files) for (const [, key, open] of text.matchAll(/['"`]([a-z]+\.[A-Za-z.]+)(\$\{)?/g)) {
    // What is said of a refusal comes with it (act.ts).
    if (key === 'error.') continue
    const keys = open ? Object.keys(rest).filter((one) => one.startsWith(key!)) : Object.hasOwn(rest, key!) ? [key] : []
    missing.push(...keys.map((one) => `${relative(source, file)}: ${one}`))
  }
  expect(missing).toEqual([])
  expect(Object.keys(reading).filter((key) => Object.hasOwn(rest, key))).toEqual([])
})

test('forms, settings and staff pages have all their words from the start', () => {
  for (const path of ['/', '/@mara', '/@mara/1', '/tags/bread', '/explore', '/community']) expect([path, saysLittle(path)]).toEqual([path, true])
  for (const path of ['/about', '/compose', '/settings/profile', '/admin', '/login', '/notifications', '/communityx']) expect([path, saysLittle(path)]).toEqual([path, false])
})
