import { expect, test } from 'vitest'
import { renderMarkdown } from '#server/domain/instance/index.ts'
import { contentHtml } from './html.ts'

const said = (text: string) => contentHtml(renderMarkdown(text), { origin: 'https://lanternholm.example' })

test('apps get blocks without line ends between them, and code as it was written', () => {
  expect(said('one\n\ntwo\nthree')).toMatch(/^<p>one<\/p><p>two(<br ?\/?>|\n)three<\/p>$/)
  expect(said('- a\n- b\n\n> quoted')).not.toContain('\n')
  expect(said('```\n<p>\na\n\n</p>\n```')).toContain('&lt;p&gt;\na\n\n&lt;/p&gt;')
})

test('links of this place are absolute, mentions and tags have the names that apps look for', () => {
  const html = '<p><a href="/@ada" class="mention">@<span dir="auto">ada</span></a> <a href="/tags/bread" class="tag">#bread</a> <img class="emoji" src="/x.png" alt=":anchor:"> <a href="/about">here</a></p>\n'
  expect(contentHtml(html, { origin: 'https://a.example' })).toBe('<p><span class="h-card"><a href="https://a.example/@ada" class="u-url mention">@<span>ada</span></a></span> <a href="https://a.example/tags/bread" class="mention hashtag" rel="tag">#<span>bread</span></a> :anchor: <a href="https://a.example/about">here</a></p>')
})
