/** `warmstart reset-password EMAIL`: for whoever runs the server; prints a link that sets a new password once. */
import { parseArgs } from 'node:util';
import { createResetLink } from '#server/auth/reset-password.ts';
import { isAppError } from '#server/services/errors.ts';
import { CliError, usageError } from './exit.ts';
import { openLocalProduct } from './local-product.ts';

export async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { data: { type: 'string' } } });
  const [email] = positionals;
  if (!email) throw usageError('Name the account: warmstart reset-password EMAIL.');
  const product = await openLocalProduct(values.data ?? null, (line) => process.stderr.write(`${line}\n`));
  try {
    process.stdout.write(`${await createResetLink(product.services, email)}\n`);
    process.stderr.write('The link works once, for an hour. Open it while the product is running (npm start).\n');
    return 0;
  } catch (error) {
    if (isAppError(error)) throw new CliError(1, error.message);
    throw error;
  } finally {
    await product.close();
  }
}
