import { glob, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

// Left and right change places in Arabic: only the logical names follow.
const physical = /(?:^|[\s;{])((?:(?:margin|padding)-(?:left|right)|border-(?:left|right)(?:-\w+)*|border-(?:top|bottom)-(?:left|right)-radius|(?:left|right))\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)\b)/g

test('no style speaks of left or right', async () => {
  const found: string[] = []
  for await (const file of glob('src/**/*.{css,svelte}')) {
    const text = await readFile(file, 'utf8')
    const styles = file.endsWith('.css') ? [text] : [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map((match) => match[1] ?? '')
    for (const style of styles) for (const match of style.replace(/\/\*[\s\S]*?\*\//g, '').matchAll(physical)) found.push(`${file}: ${match[1]}`)
  }
  expect(found).toEqual([])
})
