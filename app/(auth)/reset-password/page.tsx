import { ResetForm } from '../../_components/reset-form.tsx';

export const metadata = { title: 'New password · Warmstart' };

export default async function ResetPage({ searchParams }: { searchParams: Promise<{ token?: string | string[] }> }) {
  const { token } = await searchParams;
  return <ResetForm token={typeof token === 'string' ? token : ''} />;
}
