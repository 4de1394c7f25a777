// Adds or changes messages in both catalogues: node bin/message.js AREA key 'English' 'العربية' [key en ar …]
import { readFileSync, renameSync, writeFileSync } from 'node:fs'

const [area, ...rest] = process.argv.slice(2)
if (!area || rest.length === 0 || rest.length % 3 !== 0) {
  console.error("usage: node bin/message.js AREA key 'English' 'Arabic' [key English Arabic …]")
  process.exit(2)
}
for (const [offset, locale] of [[1, 'en'], [2, 'ar']]) {
  const file = new URL(`../src/i18n/${locale}/${area}.json`, import.meta.url)
  const messages = JSON.parse(readFileSync(file, 'utf8'))
  for (let at = 0; at < rest.length; at += 3) messages[rest[at]] = rest[at + offset]
  const temporary = new URL(`${file.href}.${process.pid}`)
  writeFileSync(temporary, `${JSON.stringify(messages, null, 2)}\n`)
  renameSync(temporary, file)
}
