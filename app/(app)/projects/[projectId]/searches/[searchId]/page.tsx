import { LivePage } from '../../../../../_components/search/live-page.tsx';

export default async function Page({ params }: PageProps<'/projects/[projectId]/searches/[searchId]'>) {
  const { searchId } = await params;
  return <LivePage searchId={searchId} />;
}
