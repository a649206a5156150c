import type { Services } from '../context.ts';

/** Greets a new person's first project. */
export async function welcome(services: Services, _userId: string, projectId: string): Promise<void> {
  services.log.info({ projectId }, 'a first project was made');
}
