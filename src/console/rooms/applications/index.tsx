/**
 * Applications for items: what waits for one's answer, what one applied for, and all that was decided.
 */
import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router';
import { ApplicationPage } from './application-page.tsx';
import { ApplyPage } from './apply-page.tsx';
import { InboxPage } from './inbox-page.tsx';

export default function ApplicationsRoom(): ReactNode {
  return (
    <Routes>
      <Route index element={<InboxPage />} />
      <Route path="new" element={<ApplyPage />} />
      <Route path=":number" element={<ApplicationPage />} />
    </Routes>
  );
}
