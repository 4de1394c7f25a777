import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/**
 * What axe finds wrong for people who use a keyboard or a screen reader: a line a kind, with the marks it is about; only within `parts`
 * (selectors), when given. Our pages hold no frames of other sites: the way that looks into those takes half as long again.
 */
export async function faultsOf(page: Page, ...parts: string[]): Promise<string[]> {
  const builder = parts.reduce((all, part) => all.include(part), new AxeBuilder({ page }).setLegacyMode())
  const { violations } = await builder.analyze()
  return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)
}
