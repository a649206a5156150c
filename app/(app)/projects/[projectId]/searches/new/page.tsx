import { NewSearchPage } from '../../../../../_components/new-search/new-search-page.tsx';

export default async function Page({ params }: { params: Promise<{ projectId: string }> }) {
  const { projectId } = await params;
  return <NewSearchPage projectId={projectId} />;
}
