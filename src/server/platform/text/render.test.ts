import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allowed } from './clean.ts'
import { cleanText, countCharacters } from './count.ts'
import { fold } from './fold.ts'
import { readText } from './render.ts'
import { readTag } from './tag.ts'

const people = new Map([['mara', 'mara'], ['ليلى', 'ليلى']])
const html = (text: string) => readText(text).html({ people, emojis: new Map([['cat', '/media/files/ab/cat.webp']]) })

describe('what members write', () => {
  test('light Markdown becomes HTML, headings and pictures do not', () => {
    expect(html('**b** _i_ ~~s~~ `c`')).toBe('<p><strong>b</strong> <em>i</em> <s>s</s> <code>c</code></p>')
    expect(html('# no heading')).toBe('<p># no heading</p>')
    expect(html('one\ntwo')).toBe('<p>one<br />\ntwo</p>')
    expect(html('![x](https://a.example/x.png)')).not.toContain('<img')
  })

  test('people who exist become links, others stay text', () => {
    const read = readText('hi @mara, @nobody and @ليلى! mail a@mara.example')
    expect(read.mentions).toEqual(['mara', 'nobody', 'ليلى'])
    expect(html('hi @mara. @nobody')).toContain('<a href="/@mara" class="mention">')
    expect(html('hi @nobody')).toBe('<p>hi @nobody</p>')
  })

  test('tags of any script are found, numbers alone are not', () => {
    expect(readText('#Hearth #سلام_عليكم #日本 #한국어 #हिन्दी #1 a#b &#x41;').tags.map((tag) => tag.displayName)).toEqual(['Hearth', 'سلام_عليكم', '日本', '한국어', 'हिन्दी'])
    expect(html('#سلام')).toContain(`href="/tags/${encodeURIComponent('سلام')}"`)
    expect(readTag('#إِنْسَانِيَّة')?.name).toBe(readTag('انسانيه')?.name)
  })

  test('links lead where they say', () => {
    expect(html('https://example.com/a')).toContain('href="https://example.com/a" class="link" rel="nofollow noopener noreferrer">example.com/a</a>')
    expect(html('[bank.example](https://evil.example/x)')).toContain('<span class="link-host" dir="ltr">(evil.example)</span>')
    expect(html('[x](javascript:alert(1)) [y](data:text/html,x) <https://a.example>')).not.toMatch(/javascript:[^)]*"|data:[^)]*"/)
    expect(html('https://раураl.example')).toContain('>xn--')
  })

  test('names inside code and links are left alone', () => {
    expect(readText('`@mara #tag` [#x @mara](https://a.example)').mentions).toEqual([])
  })

  test('custom emojis are pictures of this site only', () => {
    expect(html('a :cat: :dog:')).toContain('<img src="/media/files/ab/cat.webp" alt=":cat:"')
    expect(readText(':cat:').html({ emojis: new Map([['cat', 'https://evil.example/x.png']]) })).not.toContain('<img')
  })

  test('characters are counted as people see them', () => {
    expect(countCharacters('👩‍👩‍👧‍👦é🇸🇾')).toBe(3)
  })

  test('control characters, overrides and broken surrogates are taken out', () => {
    expect(cleanText('a\u0000b\u202ec\ud800d\r\ne')).toBe('abc\ufffdd\ne')
  })

  test('folding forgets case, accents and Arabic spellings but keeps other scripts', () => {
    expect(fold('Éa ÄẞC')).toBe('ea assc')
    expect(fold('أُسْرَة')).toBe(fold('اسره'))
    expect(fold('हिन्दी')).toBe('हिन्दी')
    expect(fold('が')).toBe('が')
  })
})

const pieces = fc.constantFrom('<', '>', '"', '\'', '`', '```\n', '**', '_', '~~', '[', '](', ')', '![', 'javascript:', 'data:', 'https://a.b/', '@mara', '#tag', ':cat:', '\n', '\n\n', '> ', '- ', '1. ', '&', ';', '&#', '<script>', '<img src=x onerror=1>', '</p>', '\\', '\u202e', '\ud800', '\u0000', 'العربية', '日本', ' ', '<a href="')
const nasty = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.array(fc.oneof(pieces, fc.string({ maxLength: 6 })), { maxLength: 40 }).map((parts) => parts.join('')))

test('whatever is written, only allowed tags and attributes come out, and nothing throws', () => {
  fc.assert(fc.property(nasty, (text) => {
    const out = html(cleanText(text))
    for (const [tag, closing, name, attributes] of out.matchAll(/<(\/?)([a-z0-9]+)((?:\s+[\w-]+="[^"<>]*")*)\s*\/?>/gi)) {
      expect(allowed.tags).toContain(name)
      if (closing) continue
      for (const [, attribute, value] of (attributes ?? '').matchAll(/([\w-]+)="([^"]*)"/g)) {
        expect(allowed.attributes[name!] ?? [], tag).toContain(attribute)
        if (attribute === 'href') expect(value).toMatch(/^(https?:\/\/|mailto:|\/@|\/tags\/)/i)
        if (attribute === 'src') expect(value).toMatch(/^\/media\//)
      }
    }
    // Nothing that opens a tag is left besides those.
    expect(out.replace(/<\/?[a-z0-9]+(?:\s+[\w-]+="[^"<>]*")*\s*\/?>/gi, '')).not.toMatch(/[<>]/)
  }), { numRuns: 1500 })
})

test('the count never throws and is never more than the code points', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => { expect(countCharacters(text)).toBeLessThanOrEqual([...text].length) }))
})
