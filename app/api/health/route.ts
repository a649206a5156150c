/** `{"status":"ok","checks":{…}}` for supervisors and load balancers; 503 while something is missing. */
import { checkHealth } from '#server/api/health.ts';

export const dynamic = 'force-dynamic';

export async function GET(): Promise<Response> {
  const health = await checkHealth();
  return Response.json(health, {
    status: health.status === 'ok' ? 200 : 503,
    headers: { 'cache-control': 'no-store' },
  });
}
