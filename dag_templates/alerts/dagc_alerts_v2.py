"""Reports a run or a task that succeeded, a try of a task that failed and is followed by another,
or a task that was skipped: one function for each kind of alert.

Failures are reported by dagc_alerts_v1, beside this module: the files that are deployed import it.
What is said there of versions and imports holds here as well. `context` is what Airflow gives to a
callback, and `event` is "success", "retry" or "skipped".
"""


def notify_sns(context, event, sns_topic_arn, aws_conn_id="aws_default"):
    """Publish to a topic of SNS."""
    from airflow.providers.amazon.aws.notifications.sns import SnsNotifier

    notifier = SnsNotifier(
        target_arn=sns_topic_arn,
        subject="{{ headline }}",
        message="{{ details }}",
        aws_conn_id=aws_conn_id,
    )
    # SNS refuses a topic of another region than the client's.
    arn = notifier.render_template(sns_topic_arn, context)
    if arn.count(":") == 5:
        notifier.region_name = arn.split(":")[3]
    context.update(event_message(context, event))
    notifier(context)


def notify_slack_webhook(context, event, slack_webhook_conn_id):
    """Post to the channel of a Slack webhook."""
    from airflow.providers.slack.notifications.slack_webhook import SlackWebhookNotifier

    notifier = SlackWebhookNotifier(
        slack_webhook_conn_id=slack_webhook_conn_id,
        text="{{ details | replace('&', '&amp;') | replace('<', '&lt;') }}",
    )
    context.update(event_message(context, event))
    notifier(context)


def notify_slack(context, event, slack_channel, slack_conn_id="slack_api_default"):
    """Post to a channel by Slack's API."""
    from airflow.providers.slack.notifications.slack import SlackNotifier

    notifier = SlackNotifier(
        slack_conn_id=slack_conn_id,
        channel=slack_channel,
        text="{{ details | replace('&', '&amp;') | replace('<', '&lt;') }}",
    )
    context.update(event_message(context, event))
    notifier(context)


def notify_smtp(context, event, email_to, email_from, smtp_conn_id="smtp_default"):
    """Send an e-mail through an SMTP server."""
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    notifier = SmtpNotifier(
        from_email=email_from,
        to=email_to,
        subject="{{ headline }}",
        html_content="<pre>{{ details | e }}</pre>",
        smtp_conn_id=smtp_conn_id,
    )
    context.update(event_message(context, event))
    notifier(context)


def notify_ses(context, event, email_to, email_from, aws_conn_id="aws_default"):
    """Send an e-mail through SES."""
    from airflow.providers.amazon.aws.notifications.ses import SesNotifier

    notifier = SesNotifier(
        mail_from=email_from,
        to=email_to,
        subject="{{ headline }}",
        html_content="<pre>{{ details | e }}</pre>",
        aws_conn_id=aws_conn_id,
    )
    context.update(event_message(context, event))
    notifier(context)


def event_message(context, event):
    """Headline and details of a run, or of a try of a task."""
    dag_id, run_id, ti = context["dag"].dag_id, context["run_id"], context.get("ti")
    if "reason" in context:
        subject, details = dag_id, "The run succeeded.\n"
    else:
        subject = f"{dag_id}.{ti.task_id}"
        details = {
            "success": f"Task {ti.task_id} succeeded at try {ti.try_number}\n",
            "retry": f"Task {ti.task_id} failed at try {ti.try_number}, and is tried again\n",
            "skipped": f"Task {ti.task_id} was skipped\n",
        }[event]
    details += f"\nDAG: {dag_id}\nRun: {run_id}\n"
    if run_id.startswith("schedule-"):
        details += f"Scheduler: {run_id.rsplit('__', 2)[0]}\n"
    if event == "retry" and context.get("exception"):
        error = repr(context["exception"])
        if len(error) > 2000:
            error = f"{error[:1000]} … {error[-1000:]}"
        details += f"Error: {error}\n"
    if ti and ti.log_url:
        details += f"Log: {log_url(ti, of_run='reason' in context)}\n"
    what = {"success": "succeeded", "retry": "will retry", "skipped": "skipped"}[event]
    headline = " ".join(f"{subject} {what}: {run_id}".split())
    # SNS takes 100 characters of ASCII. A run's id ends with its date.
    headline = headline.encode("ascii", "replace").decode()
    if len(headline) > 100:
        headline = f"{headline[:72]}...{headline[-25:]}"
    return {"headline": headline, "details": details}


def log_url(ti, of_run):
    """The page of a task's log; of the run, where Airflow names any of its tasks."""
    from airflow.version import version

    url = ti.log_url
    if version.startswith("3.0."):
        # Airflow 3.0 forgets the slash after a host.
        url = url.replace("/dags/", "dags/", 1).replace("dags/", "/dags/", 1)
    elif of_run and version.startswith("3.1."):
        url = url.split("/tasks/")[0]
    elif of_run and version.startswith("2."):
        url = url.split("&task_id=")[0]
    return url
