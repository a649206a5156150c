import type { Services } from '../context.ts';
import { addSample } from '../dataset/samples.ts';

/** Greets a new person's first project with a sample table. The account stands even where that fails. */
export async function welcome(services: Services, userId: string, projectId: string): Promise<void> {
  const ctx = { ...services, actor: { kind: 'user', userId, via: 'session' } } as const;
  await addSample(ctx, { projectId, key: 'penguins' }).catch((error: unknown) =>
    services.log.error({ err: error, projectId }, 'the sample of a first project could not be added'),
  );
}
