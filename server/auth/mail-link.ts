import { createTransport } from 'nodemailer';

/** Sends a link that signs in whoever reads the mail. Text only: nothing in it can be rewritten by markup. */
export async function sendMailLink(
  mail: { readonly server: string; readonly from: string },
  to: string,
  url: string,
): Promise<void> {
  const { rejected } = await createTransport(mail.server).sendMail({
    to,
    from: mail.from,
    subject: 'Your link to Warmstart',
    text: `Sign in to Warmstart with this link. It works once, within 15 minutes.\n\n${url}\n\nIf you did not ask for it, ignore this mail.\n`,
  });
  if (rejected.length > 0) throw new Error('the mail server refused the address');
}
