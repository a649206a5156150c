import { BankTaskPage } from '../../../_components/bank/bank-task-page.tsx';

export default async function Page({ params }: { params: Promise<{ taskId: string }> }) {
  const { taskId } = await params;
  return <BankTaskPage key={taskId} taskId={taskId} />;
}
