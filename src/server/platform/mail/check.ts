import { createTransport } from 'nodemailer'

/** Asks the SMTP server for entry, without sending anything. Undefined when all is well, or what is wrong. */
export async function checkSmtp(smtpUrl: string): Promise<string | undefined> {
  const transport = createTransport(smtpUrl, { connectionTimeout: 10_000, greetingTimeout: 10_000 } as Parameters<typeof createTransport>[1])
  try {
    await transport.verify()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    transport.close()
  }
}
