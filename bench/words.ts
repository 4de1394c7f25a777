import { randomInt } from 'node:crypto'

const words = 'bread harbour lantern rain bicycle orchard kettle meadow violin chalk ferry pepper window marble thunder ladder cotton ginger saddle candle river button walnut feather copper barley anchor pillow mirror basket'.split(' ')

/** Words as nobody said them before: who says the same again and again is looked at by a rule of its own. */
export const somethingNew = (): string => Array.from({ length: 14 }, () => words[randomInt(words.length)]).join(' ')
