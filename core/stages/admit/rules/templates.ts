import type { Finding } from "../../../contract/issues/issue.ts";
import { DEFAULT_SETTINGS } from "../../../contract/options/settings.ts";
import { replaceVariables } from "../../../knowledge/templates/variables.ts";
import { asJson } from "../../../kubernetes/json.ts";
import type { Judgement, Rule, Subject } from "../rule.ts";
import { SAMPLE_SERVICE } from "../sample.ts";

/** Tests the templates of a config: a config that no service could use is refused when it is written. */
export const TEMPLATE_RULE: Rule = {
  name: "the templates of a config can be expanded",
  source: "ConfigValidationFunc (ReplaceVariables over a sample service), KServe v0.20.0",
  judge: judgeTemplates,
};

function judgeTemplates({ metadata, spec, behaviour }: Subject): Judgement {
  const { issues } = replaceVariables({
    config: asJson({ metadata, spec }),
    service: SAMPLE_SERVICE,
    globalConfig: asJson(DEFAULT_SETTINGS),
    behaviour,
  });
  const found = issues.map(({ code, path, message, fix }): Finding => ({ code, path, message, ...(fix && { fix }) }));
  if (behaviour.templates === "document") return { errors: found };
  // A value that the sample lacks may exist in the service that uses the config.
  return {
    errors: found.filter(({ code }) => code === "TemplateSyntax"),
    warnings: found.filter(({ code }) => code !== "TemplateSyntax"),
  };
}
