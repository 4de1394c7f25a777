import type { FilmFacts, Rendition } from './plan.ts'

/** Longest side of the pictures taken for looking at. */
const sampleSide = 704

/** What is done once to each picture of a film, before it is shared: upright, the size of the largest rendition, colours of a usual screen. */
export function uprightFilters(film: Pick<FilmFacts, 'width' | 'height' | 'rotation' | 'colour'>, top: Pick<Rendition, 'width' | 'height'>): string {
  const turn = { 0: [], 90: ['transpose=clock'], 180: ['hflip', 'vflip'], 270: ['transpose=cclock'] }[film.rotation]
  const colour = film.colour.hdr ? ['tonemapx=tonemap=bt2390:transfer=bt709:matrix=bt709:primaries=bt709:range=tv:format=yuv420p']
    : film.colour.wide ? ['zscale=primaries=bt709:transfer=bt709:matrix=bt709:range=tv'] : []
  // Untagged films are what cameras of their size make.
  const guessed = film.colour.tagged ? [] : [`setparams=colorspace=${Math.min(film.width, film.height) >= 700 ? 'bt709' : 'smpte170m'}`]
  const matrix = film.colour.hdr || film.colour.wide ? '' : ':out_color_matrix=bt709:out_range=tv'
  return [
    'bwdif=mode=send_frame:deint=interlaced', ...guessed, ...turn, `scale=${top.width}:${top.height}:flags=bicubic${matrix}`, 'setsar=1',
    ...colour, 'format=yuv420p', 'setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709',
  ].join(',')
}

/** One picture every so many seconds, small, as red, green and blue. */
export const sampleFilters = (every: number) =>
  `select='isnan(prev_selected_t)+gte(t-prev_selected_t\\,${every.toFixed(3)})',scale=${sampleSide}:${sampleSide}:force_original_aspect_ratio=decrease:flags=area,format=rgb24`

/** A rendition's pictures, at a steady rate. */
export const renditionFilters = (one: Rendition, top: Rendition, rate: { num: number; den: number }) =>
  [`fps=${rate.num}/${rate.den}`, ...(one === top ? [] : [`scale=${one.width}:${one.height}:flags=bicubic`, 'setsar=1'])].join(',')

/** The sound as it is played: steady, as loud as wanted, in one or two channels. */
export function soundGraph(channels: number, { gain, limited }: { gain: number; limited: boolean }): string {
  return ['aresample=48000:async=1', `aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=${channels === 1 ? 'mono' : 'stereo'}`,
    ...(gain === 0 ? [] : [`volume=${gain}dB`]), ...(limited ? ['alimiter=limit=0.88:level=disabled:attack=5:release=60'] : []),
    'aformat=sample_fmts=fltp:sample_rates=48000'].join(',')
}
