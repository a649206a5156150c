import { LivePage } from '../../../../../_components/search/live-page.tsx';

export default async function Page({ params }: { params: Promise<{ searchId: string }> }) {
  const { searchId } = await params;
  return <LivePage key={searchId} searchId={searchId} />;
}
