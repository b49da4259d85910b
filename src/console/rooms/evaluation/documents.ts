/** What the room of the evaluation asks. */
import { graphql } from '../../api/graphql.ts';

export const Period = graphql(`
  query Evaluation($from: Date!, $to: Date!, $departmentCode: String) {
    evaluation(from: $from, to: $to, departmentCode: $departmentCode) {
      from to countedTo
      months { ...Figures }
      departments { ...Figures }
      grants { approvalNo consumer departmentCode kind items unused }
    }
  }
  fragment Figures on DepartmentFigures {
    departmentCode departmentName month itemsProvided answers items requests refused lookups papersAsked papersSaved deadlinesKept deadlinesMissed deadlinesOpen
    changes changesRejected quarantined conflicts discrepancies discrepanciesCorrected grantsUnused grantsOverBroad
  }
`);

export const File = graphql(`query EvaluationFile($from: Date!, $to: Date!, $departmentCode: String, $format: EvaluationFormat!) { evaluationFile(from: $from, to: $to, departmentCode: $departmentCode, format: $format) }`);
