import { getContext, setContext } from 'svelte'
import type { Translator } from '#i18n/translate.ts'

const key = Symbol.for('hearth.translator')

/** Called by layouts: everything below speaks this language. The function keeps it live when the language changes. */
export const setTranslator = (current: () => Translator) => setContext(key, current)

/** In a component: `const i = useTranslator()` then `i().t('post.reply')`. */
export const useTranslator = () => getContext<() => Translator>(key)
