# SPDX-License-Identifier: Apache-2.0
"""Which cluster is meant when the line names none: that of the kubeconfig's current context."""

import os

from support import QUICK, Cloud

HOST = "{}-dns-0a1b2c3d.hcp.westus2.azmk8s.io"


def kubeconfig(cloud, name, host, folder=".kube", context="here"):
    path = os.path.join(cloud.home, folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"apiVersion: v1\nkind: Config\ncurrent-context: {context}\n"
                   f"contexts:\n- name: {context}\n  context: {{cluster: c-{context}, user: u}}\n"
                   f"clusters:\n- name: c-{context}\n  cluster: {{server: 'https://{host}:443'}}\n")
    return path


def lists(cloud):
    return len(cloud.requests("GET", "providers/Microsoft.ContainerService/managedClusters"))


def of_the_kubeconfig(checks, programs):
    with Cloud(programs, QUICK) as cloud:
        del cloud.env["AKSMESH_RESOURCE_GROUP"]
        checks.ends("no kubeconfig", cloud.run("show"), 2, "missing: --cluster NAME, -g GROUP\n")
        checks.same("no kubeconfig: nothing is listed", lists(cloud), 0)
        # `old` is on the second page of the list.
        kubeconfig(cloud, "config", HOST.format("old"))
        checks.ends("a cluster of the second page", cloud.run("show"), 0, "cluster         old (westus2)",
                    "cluster old of resource group rg-mesh, as the kubeconfig's current context here says")
        checks.same("a cluster of the second page: two pages", lists(cloud), 2)
        first = kubeconfig(cloud, "first", HOST.format("mesh"), "elsewhere", "first")
        both = {"KUBECONFIG": f"{cloud.home}/none:{first}:{cloud.home}/.kube/config"}
        run = cloud.run("show", "-q", "-o", "json", env=both)
        checks.same("the first of several files", run.json["target"]["cluster"] if run.out else run.err, "mesh")
        checks.same("quiet: nothing else is said", run.err, "")
        checks.ends("the region of the cluster", cloud.run("revisions", env=both), 0, "asm-1-30")
        checks.ends("an address of the portal", cloud.run("show", env={"KUBECONFIG": kubeconfig(
            cloud, "portal", "canary-dns-0a1b2c3d.portal.hcp.westus2.azmk8s.io", "elsewhere")}), 0, "cluster         canary")
        run = cloud.run("gateway", "enable", "external", "--dry-run", env=both)
        checks.ends("a plan names the cluster", run, 0, "cluster mesh (westus2)\n")
        checks.same("a plan names the cluster first", run.out.split("\n")[0], "cluster mesh (westus2)")
        checks.ends("a change", cloud.run("gateway", "enable", "external", "--yes", env=both), 0, "cluster mesh (westus2)")
        checks.same("a change of the right one", [each["path"].rsplit("/", 1)[1] for each in cloud.puts()], ["mesh"])


def not_of_the_kubeconfig(checks, programs):
    with Cloud(programs, QUICK) as cloud:
        kubeconfig(cloud, "config", HOST.format("old"))
        before = lists(cloud)
        checks.ends("a name is stronger", cloud.run("show", "--cluster", "mesh"), 0, "cluster         mesh")
        checks.ends("a variable is stronger", cloud.run("show", env={"AKSMESH_CLUSTER": "mesh"}), 0, "cluster         mesh")
        checks.ends("a setting is written", cloud.run("config", "set", "cluster", "demo"), 0, "cluster is set in")
        checks.ends("a setting is stronger", cloud.run("show"), 0, "cluster         demo")
        checks.ends("a variable is stronger than a setting", cloud.run("show", env={"AKSMESH_CLUSTER": "mesh"}), 0, "cluster         mesh")
        checks.same("a name is stronger: nothing is listed", lists(cloud), before)
        checks.ends("a setting is taken out", cloud.run("config", "set", "cluster", "--remove"), 0)
        checks.ends("another resource group", cloud.run("show", "-g", "rg-other"), 2, "is cluster old of resource group rg-mesh")
        kubeconfig(cloud, "config", "gone-dns-1.hcp.westus2.azmk8s.io")
        checks.ends("no such cluster", cloud.run("disable", "--confirm", "old"), 2, "none of 6 clusters",
                    "current context here (gone-dns-1.hcp.westus2.azmk8s.io)")
        kubeconfig(cloud, "config", "127.0.0.1")
        before = lists(cloud)
        checks.ends("no cluster of AKS, no region", cloud.run("revisions"), 2, "it is not said which region is meant")
        checks.ends("no cluster of AKS", cloud.run("show"), 2, "missing: --cluster NAME; ", "here (127.0.0.1) is no cluster of AKS")
        checks.same("no cluster of AKS: nothing is listed", lists(cloud), before)
        kubeconfig(cloud, "config", HOST.format("old"))
        cloud.faults({"method": "GET", "path": "managedClusters$", "status": 403, "count": -1})
        checks.ends("no right to list", cloud.run("show"), 4, "looking for the cluster of the kubeconfig's current context here")
        checks.same("nothing was changed", cloud.writes(), [])


CASES = [of_the_kubeconfig, not_of_the_kubeconfig]
