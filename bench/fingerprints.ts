// node bench/fingerprints.ts [PICTURE…]: how far what happens to pictures takes their fingerprints; the table of docs/fingerprints.md.
import { asTable, measure } from '../tests/media/robustness.ts'
import { tell } from './result.ts'

const pictures = process.argv.slice(2)
const table = await measure(pictures.length ? pictures : undefined)
console.log(asTable(table))
const harmless = table.filter((row) => row.harmless)
tell({ name: 'PDQ: farthest that pressing, resizing, blurring or sharpening took a picture', value: Math.max(...harmless.flatMap((row) => row.upright)), unit: 'bits', most: 31 })
