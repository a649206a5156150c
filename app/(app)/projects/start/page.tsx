import { redirect } from 'next/navigation';
import { serverApi } from '../../../_lib/caller.ts';
import { routes } from '../../../_lib/routes.ts';

/** Where a new account lands: in its first project rather than in a list of one. */
export default async function StartPage(): Promise<never> {
  const [first] = await (await serverApi()).project.list({});
  redirect(first ? routes.project(first.id) : routes.projects());
}
