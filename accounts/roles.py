"""Verbs and the roles that the portal starts with.

The table of roles in the database is what counts. `load` brings it up to this file after every
migration, except for roles that a security administrator has edited (`Role.customised`).
"""

from django.utils.translation import gettext_lazy as _

WORK = "work"
ADMINISTRATOR = "administrator"

VERBS = {
    "inspections.view": _("查看检查"),
    "inspections.record": _("登记检查"),
    "inspections.issue": _("签发检查文书"),
    "orders.view": _("查看责令改正"),
    "orders.draft": _("起草责令改正"),
    "orders.approve": _("审批责令改正"),
    "orders.issue": _("签发责令改正"),
    "orders.serve": _("记录送达"),
    "orders.correct": _("记录改正"),
    "orders.extend": _("申请延期"),
    "orders.decide_extension": _("决定延期"),
    "orders.suspend": _("中止与恢复期限"),
    "orders.reinspect": _("记录复查"),
    "orders.judge": _("作出结论"),
    "orders.withdraw": _("撤回责令改正"),
    "orders.escalate": _("移送处罚"),
    "enterprises.view": _("查看企业"),
    "enterprises.edit": _("登记企业"),
    "notices.view": _("查看文书"),
    "notices.retry": _("重新打印文书"),
    "notices.serve": _("送达文书"),
    "notices.withdraw": _("撤回文书"),
    "notices.waive": _("决定不签名打印"),
    "cases.view": _("查看案件"),
    "cases.file": _("立案和调查"),
    "cases.approve": _("审批案件"),
    "cases.hear": _("主持听证"),
    "cases.review": _("法制审核"),
    "cases.decide": _("作出处罚决定"),
    "cases.collect": _("登记缴款"),
    "bulletins.view": _("查看案例通报"),
    "bulletins.edit": _("起草案例通报"),
    "bulletins.approve": _("审核案例通报"),
    "board.view": _("查看监督看板"),
    "law.view": _("查看法规"),
    "jobs.view": _("查看后台任务"),
    "jobs.retry": _("重做后台任务"),
    "trail.view": _("查看操作记录"),
    "personal.reveal": _("查看个人信息"),
    "admin.system": _("系统管理"),
    "admin.security": _("安全管理"),
}

_VIEWS = [
    "inspections.view",
    "orders.view",
    "enterprises.view",
    "notices.view",
    "cases.view",
    "bulletins.view",
    "law.view",
]
_INSPECTOR = [
    *_VIEWS,
    "inspections.record",
    "inspections.issue",
    "orders.draft",
    "orders.serve",
    "orders.correct",
    "orders.extend",
    "orders.suspend",
    "orders.reinspect",
    "enterprises.edit",
    "notices.retry",
    "notices.serve",
    "cases.file",
    "cases.collect",
    "bulletins.edit",
    "personal.reveal",
]
_SUPERVISOR = [
    *_INSPECTOR,
    "notices.waive",
    "notices.withdraw",
    "orders.approve",
    "orders.issue",
    "orders.decide_extension",
    "orders.judge",
    "orders.withdraw",
    "orders.escalate",
    "cases.approve",
    "cases.decide",
    "bulletins.approve",
    "board.view",
    "trail.view",
]

ROLES: dict[str, tuple[str, str, str, list[str]]] = {
    "inspector": ("办案民警", "Inspector", WORK, _INSPECTOR),
    "legal_reviewer": (
        "法制审核",
        "Legal reviewer",
        WORK,
        [*_VIEWS, "cases.hear", "cases.review", "personal.reveal"],
    ),
    "supervisor": ("审批领导", "Supervisor", WORK, _SUPERVISOR),
    "system_admin": (
        "系统管理员",
        "System administrator",
        ADMINISTRATOR,
        ["admin.system", "jobs.view", "jobs.retry", "law.view"],
    ),
    "security_admin": ("安全管理员", "Security administrator", ADMINISTRATOR, ["admin.security"]),
    "auditor": (
        "审计管理员",
        "Auditor",
        ADMINISTRATOR,
        [*_VIEWS, "board.view", "jobs.view", "trail.view"],
    ),
}
