import type { Translator } from '#i18n/translate.ts'

const rightToLeft = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200f]/u

/** A name within a sentence: where one of them runs the other way it is kept apart, so that neither disturbs the other. */
export const apart = ({ dir }: Pick<Translator, 'dir'>, name: string): string => dir === 'rtl' || rightToLeft.test(name) ? `\u2068${name}\u2069` : name
