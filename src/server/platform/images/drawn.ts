import sharp from 'sharp'

/** Our own SVG (never a member's) as a square PNG. */
export const drawPng = (svg: string, size: number): Promise<Buffer> => sharp(Buffer.from(svg), { density: 144 }).resize(size, size).png({ palette: true }).toBuffer()
