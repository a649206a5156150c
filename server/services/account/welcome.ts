import type { Services } from '../context.ts';
import { addSample, listSamples } from '../dataset/samples.ts';

/**
 * Puts a sample table into a new person's first project. A failure is logged and never costs the account: the
 * project is then empty, and the page offers the samples.
 */
export async function welcome(services: Services, userId: string, projectId: string): Promise<void> {
  try {
    const sample = listSamples()[0];
    if (sample) {
      await addSample({ ...services, actor: { kind: 'user', userId, via: 'session' } }, { projectId, key: sample.key });
    }
  } catch (error) {
    services.log.error({ err: error }, 'the sample table could not be added to a new project');
  }
}
